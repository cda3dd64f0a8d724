use super::*;
use crate::schema::{BATCH, CONFIG, FieldType, MESSAGE, OBJECTS, PLAN};

/// An account that has everything, with a role for each of these grants.
fn whole(roles: &[(&str, [Grant; 4])]) -> Account {
    let policy = |(name, grants): &(&str, [Grant; 4])| Policy {
        id: format!("custom-role-{name}"),
        role: (*name).to_owned(),
        grants: *grants,
    };
    let object = |object: &crate::schema::Object| FoundObject {
        fields: object
            .fields
            .iter()
            .map(|field| FoundField {
                key: field.key.to_owned(),
                kind: field.kind.name().to_owned(),
                options: match field.kind {
                    FieldType::Dropdown(values) => values.iter().map(ToString::to_string).collect(),
                    _ => Vec::new(),
                },
                ..FoundField::default()
            })
            .collect(),
        policies: roles.iter().map(policy).collect(),
    };
    Account { objects: OBJECTS.iter().map(|it| Some(object(it))).collect(), ..Account::default() }
}

const ALL: [Grant; 4] = [Grant::Allowed; 4];
const NONE: [Grant; 4] = [Grant::Denied; 4];

fn object<'a>(account: &'a mut Account, key: &str) -> &'a mut FoundObject {
    let place = OBJECTS.iter().position(|object| object.key == key).unwrap();
    account.objects[place].as_mut().unwrap()
}

fn field<'a>(account: &'a mut Account, of: &str, key: &str) -> &'a mut FoundField {
    object(account, of).fields.iter_mut().find(|field| field.key == key).unwrap()
}

#[test]
fn what_is_as_it_should_be_needs_no_step() {
    let account = whole(&[("Ventas", ALL)]);
    assert_eq!((findings(&account), steps(&account, &[])), (vec![], vec![]));
    // What an admin added is theirs.
    let mut account = account;
    object(&mut account, BATCH)
        .fields
        .push(FoundField { key: "de_otro".to_owned(), ..FoundField::default() });
    field(&mut account, BATCH, "state").options.push("otra".to_owned());
    assert_eq!((findings(&account), steps(&account, &[])), (vec![], vec![]));
}

#[test]
fn a_missing_object_is_made_with_its_fields_and_that_of_batches_last() {
    let account = Account { objects: vec![None; 4], room: Some(4), ..Account::default() };
    assert_eq!(findings(&account).len(), 4);
    let steps = steps(&account, &[]);
    let n_fields: usize = OBJECTS.iter().map(|object| object.fields.len()).sum();
    assert_eq!(steps.len(), 4 + n_fields);
    let made: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Step::MakeObject(object) => Some(object.key),
            _ => None,
        })
        .collect();
    assert_eq!(made, [MESSAGE, PLAN, CONFIG, BATCH]);
    assert!(matches!(steps.last(), Some(Step::MakeField { object: BATCH, .. })));
}

#[test]
fn where_the_plan_has_no_room_no_object_is_made_and_the_rest_is_mended() {
    let mut account = whole(&[]);
    object(&mut account, BATCH).fields.remove(0);
    account.objects[1] = None;
    account.objects[2] = None;
    account.room = Some(1);
    assert!(findings(&account).contains(&Finding::NoRoom { n_missing: 2, room: 1 }));
    assert!(matches!(steps(&account, &[])[..], [Step::MakeField { object: BATCH, .. }]));
}

#[test]
fn fields_are_made_switched_on_and_completed() {
    let mut account = whole(&[]);
    object(&mut account, PLAN).fields.retain(|field| field.key != "body");
    field(&mut account, MESSAGE, "phone").is_off = true;
    field(&mut account, BATCH, "origin").options = vec!["cxc_batch_many".to_owned(), "otra".to_owned()];
    assert!(findings(&account).iter().all(|finding| finding.can_be_repaired() && finding.is_in_the_way()));
    let body = *OBJECTS[2].fields.iter().find(|field| field.key == "body").unwrap();
    let values = vec!["cxc_batch_one", "cxc_batch_test", "cxc_batch_custom"];
    assert_eq!(
        steps(&account, &[]),
        [
            Step::SwitchOn { object: MESSAGE, field: "phone" },
            Step::MakeField { object: PLAN, field: body },
            Step::AddOptions { object: BATCH, field: "origin", values },
        ]
    );
}

#[test]
fn what_cannot_be_changed_is_named_and_left() {
    let mut account = whole(&[]);
    field(&mut account, MESSAGE, "row_no").kind = "text".to_owned();
    let of_another = FoundField { key: "sucursal".to_owned(), is_required: true, ..FoundField::default() };
    object(&mut account, BATCH).fields.push(of_another);
    account.lookers.push("Light agent".to_owned());
    let found = findings(&account);
    assert_eq!(found.len(), 3);
    assert!(found.iter().any(|it| matches!(it, Finding::OtherType { kind, .. } if kind == "text")));
    assert!(found.contains(&Finding::Required { object: BATCH, field: "sucursal".to_owned() }));
    assert!(found.contains(&Finding::OnlyLooks { role: "Light agent".to_owned() }));
    assert!(!found.iter().any(Finding::can_be_repaired));
    assert_eq!(steps(&account, &[]), []);
}

#[test]
fn a_role_gets_what_it_lacks_if_the_admin_says_so() {
    let account = whole(&[("Ventas", ALL), ("Almacén", NONE)]);
    let found = findings(&account);
    let [Finding::RoleWithout { policy, role, rights }] = &found[..] else { panic!("{found:?}") };
    assert_eq!((policy.as_str(), role.as_str(), rights.len()), ("custom-role-Almacén", "Almacén", 4));
    assert_eq!(steps(&account, &[]), []);
    let steps = steps(&account, std::slice::from_ref(policy));
    let rights_of = |object: &str| {
        steps.iter().find_map(|step| match step {
            Step::Grant { object: of, rights, .. } if *of == object => Some(rights.as_slice()),
            _ => None,
        })
    };
    assert_eq!(rights_of(MESSAGE), Some(&[Right::Read, Right::Create, Right::Update][..]));
    assert_eq!(rights_of(PLAN), Some(&Right::ALL[..]));
    assert_eq!(rights_of(CONFIG), Some(&[Right::Read][..]));
}

#[test]
fn a_rule_that_an_admin_made_stays() {
    let [_, create, update, delete] = ALL;
    let account = whole(&[("Ventas", [Grant::Limited, create, update, delete])]);
    let found = findings(&account);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|it| matches!(it, Finding::RoleLimited { role, .. } if role == "Ventas")));
    assert_eq!(steps(&account, &["custom-role-Ventas".to_owned()]), []);
}
