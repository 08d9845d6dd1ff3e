;; Loops for ever when its session is opened.
;;@ open
  (func (export "restem:reward/scorer@0.1.0#[static]session.open") (param i32 i32) (result i32)
    (loop $for_ever (br $for_ever)) unreachable)
