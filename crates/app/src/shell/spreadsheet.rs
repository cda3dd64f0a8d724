//! stub
#![allow(missing_docs, clippy::all)]
#[derive(Clone, Debug, thiserror::Error)]
pub enum SpreadsheetError { #[error("x")] NotLoaded }
impl SpreadsheetError { pub fn code(&self) -> &'static str { "not-loaded" } }
pub struct Workbook { s: Vec<SheetInfo> }
pub struct SheetInfo { pub name: String }
impl Workbook {
    pub fn sheets(&self) -> &[SheetInfo] { &self.s }
    pub fn first_with_data(&self) -> usize { 0 }
    pub async fn read(&self, _: usize) -> Result<Vec<u8>, SpreadsheetError> { Err(SpreadsheetError::NotLoaded) }
}
pub async fn open(_: Vec<u8>) -> Result<Workbook, SpreadsheetError> { Err(SpreadsheetError::NotLoaded) }
pub async fn write(_: &[u8], _: &str) -> Result<Vec<u8>, SpreadsheetError> { Err(SpreadsheetError::NotLoaded) }
