;; Loops for ever when asked what it is.
;;@ lie
  (func $lie (loop $for_ever (br $for_ever)))
