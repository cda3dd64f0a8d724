//! The catalogue: how each reason is recognised, and what follows from it. Made of `data/whatsapp-errors.csv`, which the
//! tests compare it with; what people read is in `translations/`.

use super::{Concern, Retry};
use Concern::{Account, Message, Template};
use Retry::{Never, Now};

/// One line of the catalogue.
pub(super) struct Entry {
    pub(super) key: &'static str,
    /// Meta's numbers, both ends included.
    pub(super) codes: &'static [(u32, u32)],
    pub(super) retry: Retry,
    pub(super) concern: Concern,
    /// Lower-case words, any of which is enough.
    pub(super) words: &'static [&'static str],
}

const fn entry(
    key: &'static str,
    codes: &'static [(u32, u32)],
    retry: Retry,
    concern: Concern,
    words: &'static [&'static str],
) -> Entry {
    Entry { key, codes, retry, concern, words }
}

const fn minutes(n: u64) -> Retry {
    Retry::Later { wait: n * 60_000 }
}

/// A service of Meta's that fails is mostly back within minutes; a quarter of an hour spares it a second wave.
const OUTAGE: Retry = minutes(15);
/// Work on an account, such as an upgrade, takes about a minute; a few are advised.
const MAINTENANCE: Retry = minutes(10);
/// Meta's call allowances are counted over a rolling hour.
const HOUR: Retry = minutes(60);
/// Ratings and per-person limits are reckoned by the day: for 131049 Meta names 24 hours, and says that trying sooner
/// prolongs it.
const DAY: Retry = minutes(24 * 60);

/// In order of precedence: the more specific words first.
pub(super) const CATALOGUE: &[Entry] = &[
    entry("generic", &[(131_000, 131_000)], Now, Message, &["something went wrong"]),
    entry(
        "missing_parameter",
        &[(131_008, 131_008)],
        Never,
        Message,
        &["required parameter is missing", "is missing text value"],
    ),
    // The host of the file may have had a passing fault.
    entry("media_upload", &[(131_053, 131_053)], OUTAGE, Message, &["media upload error"]),
    entry(
        "unreachable",
        &[(131_026, 131_026)],
        Never,
        Message,
        &["user is unreachable", "message undeliverable", "not a valid whatsapp user"],
    ),
    entry("ecosystem", &[(131_049, 131_049)], DAY, Message, &["healthy ecosystem"]),
    // "Unable to deliver the message" begins this one too.
    entry("blocked_by_us", &[(130_403, 130_403)], Never, Message, &["blocked by the business"]),
    entry(
        "opted_out",
        &[(131_050, 131_050)],
        Never,
        Message,
        &["unable to deliver the message", "stopped marketing messages", "stop receiving marketing messages"],
    ),
    entry("experiment", &[(130_472, 130_472)], Never, Message, &["part of an experiment"]),
    entry("body_not_defined", &[], Never, Message, &["body not defined"]),
    entry("mixed_buttons", &[], Never, Message, &["cannot mix reply actions"]),
    entry("destination", &[], Never, Message, &["destination is invalid"]),
    entry("media_type", &[], Never, Message, &["not supported for message of type"]),
    entry("file_extension", &[], Never, Message, &["file extension not allowed"]),
    entry("file_unreadable", &[], Never, Message, &["file type could not be retrieved"]),
    entry("file_rejected", &[], Never, Message, &["file rejected", "file type not allowed", "invalid_file"]),
    entry(
        "parameter_count",
        &[(132_000, 132_000)],
        Never,
        Message,
        &["number of parameters does not match", "wrong number of parameters"],
    ),
    entry(
        "template_missing",
        &[(132_001, 132_001)],
        Never,
        Template,
        &["template name does not exist", "template or language not found"],
    ),
    entry(
        "parameter_format",
        &[(132_012, 132_012)],
        Never,
        Message,
        &["parameter format does not match", "parameter type mismatch"],
    ),
    // A pause lasts 3 hours the first time and 6 the second; then the template is disabled.
    entry("template_paused", &[(132_015, 132_015)], minutes(6 * 60), Template, &["template is paused"]),
    entry("template_disabled", &[(132_016, 132_016)], Never, Template, &["template is disabled"]),
    entry(
        "parameter_text",
        &[(132_018, 132_018)],
        Never,
        Message,
        &["cannot have new-line/tab", "template validation error"],
    ),
    entry("integration_not_found", &[], Never, Account, &["integration not found"]),
    entry("conversation_full", &[], Never, Message, &["message limit of"]),
    entry("too_large", &[], Never, Message, &["entity too large", "payload too large"]),
    entry("credentials", &[(0, 0), (190, 190)], Never, Account, &["authexception", "access token"]),
    entry(
        "permission",
        &[(3, 3), (10, 10), (200, 299), (131_005, 131_005)],
        Never,
        Account,
        &["api permission", "permission denied", "access denied"],
    ),
    entry("policy_block", &[(368, 368)], Never, Account, &["temporarily blocked for polic"]),
    entry(
        "country_not_allowed",
        &[(130_497, 130_497)],
        Never,
        Message,
        &["messaging users in this country", "country not allowed"],
    ),
    entry("account_locked", &[(131_031, 131_031)], Never, Account, &["account has been locked"]),
    entry(
        "call_limit",
        &[(4, 4), (613, 613), (80_007, 80_008)],
        HOUR,
        Account,
        &["too many calls", "rate limit issues"],
    ),
    entry("spam_limit", &[(131_048, 131_048)], DAY, Account, &["spam rate limit"]),
    // The engine leaves 6 seconds between two messages to one person.
    entry("pair_limit", &[(131_056, 131_056)], Now, Message, &["pair rate limit", "pair) rate limit"]),
    // The engine slows down by itself.
    entry(
        "rate_limit",
        &[(130_429, 130_429)],
        Now,
        Message,
        &["rate limit hit", "throughput has been reached"],
    ),
    // How long it lasts isn't told: looked at again each day.
    entry("category_limit", &[(131_064, 131_064)], DAY, Account, &["wrong template category"]),
    // Meta counts registrations over 72 hours.
    entry("registration_limit", &[(133_016, 133_016)], minutes(72 * 60), Account, &[]),
    entry("api_unknown", &[(1, 1)], OUTAGE, Message, &["api unknown"]),
    entry(
        "outage",
        &[(2, 2), (131_016, 131_016), (133_004, 133_004)],
        OUTAGE,
        Account,
        &["service unavailable", "temporarily unavailable"],
    ),
    entry("sender_gone", &[(33, 33)], Never, Account, &[]),
    entry("invalid_parameter", &[(100, 100)], Never, Message, &["invalid parameter"]),
    entry("object_missing", &[(803, 803)], Never, Account, &[]),
    entry("parameter_value", &[(131_009, 131_009)], Never, Message, &["parameter value is not valid"]),
    entry("media_link", &[(131_014, 131_014)], Never, Message, &[]),
    entry(
        "self_recipient",
        &[(131_021, 131_021)],
        Never,
        Message,
        &["recipient cannot be sender", "sender and recipient phone number is the same"],
    ),
    entry("test_number", &[(131_030, 131_030)], Never, Message, &["not in allowed list"]),
    entry("display_name", &[(131_037, 131_037)], Never, Account, &["display name"]),
    entry(
        "payment",
        &[(131_042, 131_042), (141_006, 141_006)],
        Never,
        Account,
        &["eligibility payment issue", "payment method"],
    ),
    // Time ran out, nothing else: at once would do, but the phone is likely still off.
    entry("expired", &[(131_043, 131_043)], HOUR, Message, &["message expired"]),
    entry("call_payment", &[(131_044, 131_044)], Never, Account, &["calling payment"]),
    entry(
        "not_registered",
        &[(131_045, 131_045), (133_010, 133_010)],
        Never,
        Account,
        &["incorrect certificate", "phone number not registered"],
    ),
    entry("window_closed", &[(131_047, 131_047)], Never, Message, &["re-engagement"]),
    entry("message_type", &[(131_051, 131_051)], Never, Message, &["unsupported message type"]),
    entry("media_download", &[(131_052, 131_052)], Never, Message, &["media download error"]),
    entry(
        "marketing_only",
        &[(131_055, 131_055), (134_100, 134_100)],
        Never,
        Template,
        &["only marketing messages supported"],
    ),
    entry(
        "maintenance",
        &[(131_057, 131_057), (2_494_100, 2_494_100)],
        MAINTENANCE,
        Account,
        &["maintenance mode"],
    ),
    entry("incoming_unavailable", &[(131_060, 131_060)], Never, Message, &[]),
    entry("user_id", &[(131_062, 131_062)], Never, Message, &[]),
    entry("marketing_disabled", &[(131_063, 131_063)], Never, Template, &[]),
    entry("group", &[(131_020, 131_020), (131_041, 131_041), (131_201, 131_201)], Never, Message, &[]),
    entry("group_cursor", &[(131_059, 131_059)], Now, Message, &[]),
    entry("text_too_long", &[(132_005, 132_005)], Never, Message, &["translated text too long"]),
    entry("template_policy", &[(132_007, 132_007)], Never, Template, &["character policy violated"]),
    entry("parameter_invalid", &[(132_008, 132_008)], Never, Message, &["parameter value invalid"]),
    entry("flow_blocked", &[(132_068, 132_068)], Never, Template, &["flow is blocked"]),
    // 10 messages an hour.
    entry("flow_throttled", &[(132_069, 132_069)], HOUR, Template, &["flow is throttled"]),
    entry("deregistration", &[(133_000, 133_000)], OUTAGE, Account, &[]),
    entry("pin_wrong", &[(133_005, 133_005)], Never, Account, &[]),
    entry("number_unverified", &[(133_006, 133_006)], Never, Account, &[]),
    // The details name the time, which nothing here reads.
    entry("pin_tries", &[(133_008, 133_009)], HOUR, Account, &[]),
    // Meta's own five minutes.
    entry("number_deleting", &[(133_015, 133_015)], minutes(5), Account, &[]),
    entry("payments_terms", &[(134_011, 134_011)], Never, Account, &[]),
    // Meta's own ten minutes.
    entry("template_syncing", &[(134_101, 134_101)], minutes(10), Template, &[]),
    entry("template_unavailable", &[(134_102, 134_102)], Never, Template, &[]),
    entry("user_error", &[(135_000, 135_000)], Never, Message, &["generic user error"]),
    entry("identity_changed", &[(137_000, 137_000)], Never, Message, &[]),
    entry("calling", &[(138_000, 138_018)], Never, Message, &[]),
    entry("flow_management", &[(139_000, 139_004)], Never, Message, &[]),
    entry("block_list", &[(139_100, 139_103)], Never, Message, &[]),
    entry("template_limit", &[(2_388_019, 2_388_019)], Never, Message, &[]),
    entry("template_exists", &[(2_388_024, 2_388_024)], Never, Message, &[]),
    // Reviews take up to a day.
    entry("template_not_editable", &[(2_388_039, 2_388_039)], DAY, Message, &[]),
    entry(
        "template_form",
        &[(2_388_040, 2_388_040), (2_388_047, 2_388_047), (2_388_072, 2_388_073)],
        Never,
        Message,
        &[],
    ),
    entry("template_variables", &[(2_388_293, 2_388_293), (2_388_299, 2_388_299)], Never, Message, &[]),
    entry("number_on_account", &[(2_388_012, 2_388_012)], Never, Account, &[]),
    entry(
        "number_not_movable",
        &[(2_388_091, 2_388_091), (2_388_093, 2_388_093), (2_388_103, 2_388_103)],
        Never,
        Account,
        &[],
    ),
    entry("insights", &[(200_005, 200_007)], Never, Message, &[]),
    entry("history_sync", &[(2_593_107, 2_593_108)], Never, Account, &[]),
    entry("duplicate_request", &[(1_752_041, 1_752_041)], Never, Message, &[]),
    entry("template_not_created", &[(200_002, 200_002)], Never, Message, &[]),
];
