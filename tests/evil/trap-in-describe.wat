;; Traps when asked what it is.
;;@ lie
  (func $lie unreachable)
