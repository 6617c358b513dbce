//! Names and Role Provisioning Services 2.0: the roster.
