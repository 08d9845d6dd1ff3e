;; Loops for ever after it has answered.
;;@ globals
  (global $free (mut i32) (i32.const 0x10000))
  (global $evil (mut i32) (i32.const 0))
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (global.set $evil (i32.const 1))
    (call $plain (f64.const 1)))
;;@ post-return
  (func (export "cabi_post_restem:reward/scorer@0.1.0#[method]checker.score") (param i32)
    (if (global.get $evil) (then (loop $for_ever (br $for_ever)))))
