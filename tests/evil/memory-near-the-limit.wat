;; Grows its memory in each call, to just under the limit of the tests if it is the first in its store.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (drop (memory.grow (i32.const 29)))
    (call $plain (f64.const 1)))
