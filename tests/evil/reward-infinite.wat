;; An infinite reward.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $plain (f64.const inf)))
