//! A request's options, as the SDK takes them.

use std::time::Duration;

use cxconnect_sunco::Method;
use js_sys::Object;
use wasm_bindgen::JsValue;

use crate::js::set;

/// A request to make.
#[derive(Clone, PartialEq, Eq)]
pub struct ZafRequest {
    /// The method.
    pub method: Method,
    /// `/api/v2/…` for Zendesk itself, or an absolute URL.
    pub url: String,
    /// The body: JSON.
    pub body: Option<String>,
    /// In whose name.
    pub authorization: Authorization,
    /// How long to wait for the answer. The SDK itself would wait for ever.
    pub timeout: Duration,
}

/// In whose name a request is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// The agent's: the browser sends their Zendesk session. For Zendesk's own API only.
    Agent,
    /// The Conversations app's, through the proxy.
    SunCo(SunCoAuth),
    /// The account's at its relay, through the proxy, which has the token: the secure setting `relay_token`.
    Relay,
}

/// How Zendesk's proxy authorises a call to Sunshine Conversations. The secret never is in the browser: the proxy puts it
/// in place of a placeholder, for whitelisted hosts only (Zendesk, "Using secure settings").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SunCoAuth {
    /// The proxy makes the header of the key's id and the secure setting `sunco_secret`.
    BasicAuth {
        /// The key's id, such as `app_5fed…`.
        key_id: String,
    },
    /// The secure setting `sunco_token` holds base64 of `id:secret`.
    Token,
}

impl ZafRequest {
    /// The argument of `client.request`.
    pub fn options(&self) -> JsValue {
        let options = Object::new();
        set(&options, "url", &self.url.as_str().into());
        set(&options, "type", &self.method.as_str().into());
        if let Some(body) = &self.body {
            set(&options, "contentType", &"application/json".into());
            let body = match self.authorization {
                Authorization::Agent => body.as_str().into(),
                Authorization::SunCo(_) | Authorization::Relay => without_placeholders(body).into(),
            };
            set(&options, "data", &body);
        }
        // Zendesk repeats its own API's 429 after the wait that it names, which only it can see. A message must never be
        // repeated like that.
        let may_repeat = self.authorization == Authorization::Agent;
        set(&options, "autoRetry", &may_repeat.into());
        set(&options, "cors", &false.into());
        set(&options, "httpCompleteResponse", &true.into());
        let timeout_ms = u32::try_from(self.timeout.as_millis()).unwrap_or(u32::MAX);
        set(&options, "timeout", &timeout_ms.into());
        match &self.authorization {
            Authorization::Agent => {}
            Authorization::SunCo(auth) => auth.add_to(&options),
            Authorization::Relay => secure_header(&options, "Bearer {{setting.relay_token}}"),
        }
        options.into()
    }
}

/// The same JSON, in which the proxy finds no placeholder.
///
/// The proxy substitutes placeholders in bodies too, as plain text. Bodies hold what customers wrote, so a cell that says
/// `{{basic_auth.token}}` could send the secret to a phone. Outside of strings JSON has no two braces in a row.
fn without_placeholders(json: &str) -> String {
    json.replace("{{", r"\u007b\u007b")
}

/// A header that the proxy completes, for whitelisted hosts only.
fn secure_header(options: &Object, authorization: &str) {
    let headers = Object::new();
    set(&headers, "Authorization", &authorization.into());
    set(options, "headers", &headers);
    set(options, "secure", &true.into());
}

impl SunCoAuth {
    fn add_to(&self, options: &Object) {
        let authorization = match self {
            Self::BasicAuth { key_id } => {
                let basic_auth = Object::new();
                set(&basic_auth, "username", &key_id.as_str().into());
                set(&basic_auth, "password", &"{{setting.sunco_secret}}".into());
                set(options, "basic_auth", &basic_auth);
                "Basic {{basic_auth.token}}"
            }
            Self::Token => "Basic {{setting.sunco_token}}",
        };
        secure_header(options, authorization);
    }
}
