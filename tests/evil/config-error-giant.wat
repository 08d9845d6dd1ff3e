;; Refuses its configuration with 256 KiB of control characters.
;;@ open
  (func (export "restem:reward/scorer@0.1.0#[static]session.open") (param i32 i32) (result i32)
    (memory.fill (i32.const 0x10000) (i32.const 27) (i32.const 0x40000))
    (i32.store8 (i32.const 0) (i32.const 1))
    (i32.store (i32.const 4) (i32.const 0x10000)) (i32.store (i32.const 8) (i32.const 0x40000))
    (i32.const 0))
