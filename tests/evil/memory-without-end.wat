;; Grows its memory for ever.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (drop (memory.grow (i32.const 16))) (br $for_ever)) unreachable)
