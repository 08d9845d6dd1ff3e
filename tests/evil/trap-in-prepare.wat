;; Traps over some problems.
;;@ unprepared
  (func $unprepared (result i32) unreachable)
