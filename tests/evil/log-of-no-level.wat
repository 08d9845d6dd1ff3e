;; Logs at a level that does not exist.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $log (i32.const 77) (i32.const 0x100) (i32.const 4))
    (call $plain (f64.const 1)))
