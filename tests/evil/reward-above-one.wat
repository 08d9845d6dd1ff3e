;; A reward of 2.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $plain (f64.const 2)))
