# expect: exception KeyboardInterrupt 1
raise KeyboardInterrupt
