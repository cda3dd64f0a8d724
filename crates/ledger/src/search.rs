//! Searching an object's records by their fields.
//!
//! Search lags: what was written or removed in the last minute may not be there yet, or still be. Without an order it knows only
//! the first 10,000 records, so there always is one.

use std::fmt::Write as _;

use cxconnect_sunco::{Method, Transport};
use serde_json::{Value, json};

use crate::{
    LedgerError, Objects, Page,
    objects::{encoded, page},
};

impl<T: Transport> Objects<T> {
    /// A part of the records that a filter finds, in an order: `created_at`, `updated_at` or `name`, from the end with a `-`
    /// before it.
    pub async fn search(
        &self,
        object: &str,
        filter: Value,
        sort: &str,
        size: u32,
        after: Option<&str>,
    ) -> Result<Page, LedgerError> {
        let size = size.min(100);
        let mut path = ["/api/v2/custom_objects/", object, "/records/search"].concat();
        // Writing to a String can't fail.
        let _ = write!(path, "?sort={sort}&page%5Bsize%5D={size}");
        // The documentation has these in the address, Zendesk's own library in the body: both say the same.
        let mut paging = json!({"size": size.to_string()});
        if let Some(after) = after {
            let _ = write!(path, "&page%5Bafter%5D={}", encoded(after));
            paging["after"] = after.into();
        }
        let body = json!({"filter": filter, "sort": sort, "page": paging});
        page(&self.call(Method::Post, path, Some(body)).await?)
    }
}
