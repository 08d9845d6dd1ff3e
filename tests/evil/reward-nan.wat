;; A reward that is no number.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $plain (f64.const nan)))
