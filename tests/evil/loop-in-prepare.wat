;; Loops for ever over some problems.
;;@ unprepared
  (func $unprepared (result i32) (loop $for_ever (br $for_ever)) unreachable)
