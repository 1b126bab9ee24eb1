// A program whose tests were all forgotten.
