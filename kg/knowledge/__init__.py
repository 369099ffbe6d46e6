"""What the product knows before it reads: places, concepts, and the words of the genre."""
