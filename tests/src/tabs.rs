//! Several tabs of one browser.

use anyhow::Result;
use thirtyfour::WindowHandle;

use crate::desk::{Desk, NAV_BAR};

impl Desk {
    /// The tab that the journey is in.
    pub async fn tab(&self) -> Result<WindowHandle> {
        Ok(self.browser.driver.window().await?)
    }

    /// Opens another tab in front of the present one, which then is hidden, and goes there.
    pub async fn new_tab(&self) -> Result<WindowHandle> {
        let tab = self.browser.driver.new_tab().await?;
        self.browser.driver.switch_to_window(tab.clone()).await?;
        Ok(tab)
    }

    /// Goes to another tab and into the app's frame there.
    pub async fn go_to_tab(&self, tab: &WindowHandle) -> Result<()> {
        self.browser.driver.switch_to_window(tab.clone()).await?;
        self.enter_frame(NAV_BAR).await
    }

    /// Closes the tab that the journey is in and goes to another one, though not into its frame.
    pub async fn close_tab_for(&self, other: &WindowHandle) -> Result<()> {
        self.browser.driver.close_window().await?;
        self.browser.driver.switch_to_window(other.clone()).await?;
        Ok(())
    }
}
