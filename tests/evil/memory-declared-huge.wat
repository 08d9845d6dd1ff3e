;; Wants 400 MiB of memory to begin with.
;;@ memory
  (memory (export "memory") 6500)
