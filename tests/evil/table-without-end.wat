;; Grows a table for ever.
;;@ deed
  (table $table 1 funcref)
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (drop (table.grow $table (ref.null func) (i32.const 100))) (br $for_ever)) unreachable)
