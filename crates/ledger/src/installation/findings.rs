//! What is wrong with an account's objects.

use super::{Account, FoundField, FoundObject, Grant, Right};
use crate::schema::{BATCH, CONFIG, Field, FieldType, MESSAGE, OBJECTS, PLAN};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// An object isn't there.
    ObjectMissing {
        /// Its key.
        object: &'static str,
    },
    /// The plan allows fewer objects than are missing, so that none is made: some of them alone are of no use.
    NoRoom {
        /// Missing objects.
        n_missing: usize,
        /// How many more the plan allows.
        room: u64,
    },
    /// A field isn't there.
    FieldMissing {
        /// The object's key.
        object: &'static str,
        /// The field.
        field: Field,
    },
    /// A field was switched off.
    FieldOff {
        /// The object's key.
        object: &'static str,
        /// The field's key.
        field: &'static str,
    },
    /// Options of a dropdown aren't there.
    OptionsMissing {
        /// The object's key.
        object: &'static str,
        /// The field's key.
        field: &'static str,
        /// The options' values.
        values: Vec<&'static str>,
    },
    /// A field of the right name holds something else, which Zendesk lets nobody change.
    OtherType {
        /// The object's key.
        object: &'static str,
        /// The field.
        field: Field,
        /// Zendesk's name of its type.
        kind: String,
    },
    /// A field that must not be empty keeps every record from being written.
    Required {
        /// The object's key.
        object: &'static str,
        /// The field's key.
        field: String,
    },
    /// A role that an admin made may not do what sending needs.
    RoleWithout {
        /// The policies' id, the same for all objects.
        policy: String,
        /// The role's name.
        role: String,
        /// What it lacks, object by object.
        rights: Vec<(&'static str, Vec<Right>)>,
    },
    /// A rule lets a role see or write only some records. The rule is an admin's, and stays.
    RoleLimited {
        /// The role's name.
        role: String,
        /// The object's key.
        object: &'static str,
    },
    /// A role that can only look, by Zendesk's own rules: its people can't send.
    OnlyLooks {
        /// The role's name.
        role: String,
    },
}

impl Finding {
    /// Whether there is a step that mends it without anything else being said.
    pub fn can_be_repaired(&self) -> bool {
        match self {
            Self::ObjectMissing { .. }
            | Self::FieldMissing { .. }
            | Self::FieldOff { .. }
            | Self::OptionsMissing { .. } => true,
            Self::NoRoom { .. }
            | Self::OtherType { .. }
            | Self::Required { .. }
            | Self::RoleWithout { .. }
            | Self::RoleLimited { .. }
            | Self::OnlyLooks { .. } => false,
        }
    }

    /// Whether it keeps everybody's messages from being recorded, and so from being sent.
    pub fn is_in_the_way(&self) -> bool {
        match self {
            Self::RoleWithout { .. } | Self::RoleLimited { .. } | Self::OnlyLooks { .. } => false,
            Self::ObjectMissing { .. }
            | Self::NoRoom { .. }
            | Self::FieldMissing { .. }
            | Self::FieldOff { .. }
            | Self::OptionsMissing { .. }
            | Self::OtherType { .. }
            | Self::Required { .. } => true,
        }
    }

    /// The object that it is about.
    pub fn object(&self) -> Option<&'static str> {
        match self {
            Self::ObjectMissing { object }
            | Self::FieldMissing { object, .. }
            | Self::FieldOff { object, .. }
            | Self::OptionsMissing { object, .. }
            | Self::OtherType { object, .. }
            | Self::Required { object, .. }
            | Self::RoleLimited { object, .. } => Some(object),
            Self::NoRoom { .. } | Self::RoleWithout { .. } | Self::OnlyLooks { .. } => None,
        }
    }
}

/// What somebody who sends has to be able to do with an object's records. Nobody has to remove anything but a plan, which
/// must not outlive its batch; what the team has set is for admins to change.
pub fn wanted_rights(object: &str) -> &'static [Right] {
    match object {
        BATCH | MESSAGE => &[Right::Read, Right::Create, Right::Update],
        PLAN => &[Right::Read, Right::Create, Right::Update, Right::Delete],
        CONFIG => &[Right::Read],
        _ => &[],
    }
}

/// Everything that is wrong: objects and their fields first, then roles.
pub fn findings(account: &Account) -> Vec<Finding> {
    let mut findings = Vec::new();
    let found = || OBJECTS.iter().zip(&account.objects);
    let n_missing = found().filter(|(_, found)| found.is_none()).count();
    if let Some(room) = account.room.filter(|room| usize::try_from(*room).is_ok_and(|room| room < n_missing))
    {
        findings.push(Finding::NoRoom { n_missing, room });
    }
    for (object, found) in found() {
        match found {
            None => findings.push(Finding::ObjectMissing { object: object.key }),
            Some(found) => of_fields(object.key, object.fields, found, &mut findings),
        }
    }
    of_roles(account, &mut findings);
    findings
}

fn of_fields(
    object: &'static str,
    fields: &'static [Field],
    found: &FoundObject,
    findings: &mut Vec<Finding>,
) {
    for field in fields {
        let there = found.fields.iter().find(|there| there.key == field.key);
        findings.extend(match there {
            None => Some(Finding::FieldMissing { object, field: *field }),
            Some(there) => of_field(object, *field, there),
        });
    }
    let is_ours = |key: &str| fields.iter().any(|field| field.key == key);
    // Of ours, too, most may be empty; those of Zendesk's own are always given.
    let required = found.fields.iter().filter(|field| field.is_required && !field.is_off);
    let required = required.filter(|field| is_ours(&field.key) || !field.key.starts_with("standard::"));
    findings.extend(required.map(|field| Finding::Required { object, field: field.key.clone() }));
}

fn of_field(object: &'static str, field: Field, there: &FoundField) -> Option<Finding> {
    if there.kind != field.kind.name() {
        return Some(Finding::OtherType { object, field, kind: there.kind.clone() });
    }
    if there.is_off {
        return Some(Finding::FieldOff { object, field: field.key });
    }
    let FieldType::Dropdown(values) = field.kind else { return None };
    let is_missing = |value: &&&str| !there.options.iter().any(|option| option == **value);
    let values: Vec<&'static str> = values.iter().filter(is_missing).copied().collect();
    (!values.is_empty()).then_some(Finding::OptionsMissing { object, field: field.key, values })
}

fn of_roles(account: &Account, findings: &mut Vec<Finding>) {
    // Every object names the same roles.
    let Some(first) = account.objects.iter().flatten().next() else { return };
    for policy in &first.policies {
        let mut rights = Vec::new();
        for (object, found) in OBJECTS.iter().zip(&account.objects) {
            let own = found.iter().flat_map(|found| &found.policies).find(|own| own.id == policy.id);
            let Some(own) = own else { continue };
            let with = |grant| move |right: &&Right| own.grant(**right) == grant;
            let wanted = || wanted_rights(object.key).iter();
            if wanted().any(|right| with(Grant::Limited)(&right)) {
                findings.push(Finding::RoleLimited { role: policy.role.clone(), object: object.key });
            }
            let lacking: Vec<Right> = wanted().filter(with(Grant::Denied)).copied().collect();
            if !lacking.is_empty() {
                rights.push((object.key, lacking));
            }
        }
        if !rights.is_empty() {
            let (policy, role) = (policy.id.clone(), policy.role.clone());
            findings.push(Finding::RoleWithout { policy, role, rights });
        }
    }
    findings.extend(account.lookers.iter().map(|role| Finding::OnlyLooks { role: role.clone() }));
}
