;; Loops for ever before anything is asked of it.
;;@ start
  (func $start (loop $for_ever (br $for_ever)))
  (start $start)
