//! Write reward plugins for restem.
