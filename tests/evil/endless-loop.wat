;; Loops for ever when it scores.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (br $for_ever)) unreachable)
