# expect: exception ModuleNotFoundError 1
import torch
