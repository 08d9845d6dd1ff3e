;; Wants a table of 9 million elements to begin with.
;;@ table
  (table 9000000 funcref)
