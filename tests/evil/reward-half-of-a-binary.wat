;; Half a reward, though it says it is binary.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $plain (f64.const 0.5)))
