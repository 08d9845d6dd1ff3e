;; Traps when it scores.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    unreachable)
