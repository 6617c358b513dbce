//! Well-known Platforms, where the Tool must behave differently.
