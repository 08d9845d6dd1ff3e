;; Makes checkers for ever, and keeps them.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (drop (call $new_checker (i32.const 1))) (br $for_ever)) unreachable)
