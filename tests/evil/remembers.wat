;; Scores 1 in the first call in its store and 0 in later ones, as if a reward might depend on the neighbours.
;;@ globals
  (global $free (mut i32) (i32.const 0x10000))
  (global $calls (mut i32) (i32.const 0))
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (call $plain (select (f64.const 1) (f64.const 0) (i32.eq (global.get $calls) (i32.const 1)))))
