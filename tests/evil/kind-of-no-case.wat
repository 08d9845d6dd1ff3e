;; Is of a kind that does not exist.
;;@ lie
  (func $lie (i32.store8 (i32.const 16) (i32.const 9)))
