;; Offers the host room where its own data lies: it harms itself.
;; The completion that it waits for has seven bytes.
;;@ realloc
  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (if (i32.eq (local.get $size) (i32.const 7)) (then (return (i32.const 0x100))))
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32) (call $plain (f64.const 1)))
