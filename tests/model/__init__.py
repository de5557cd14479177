"""The laws once more, as plainly as they can be written: what the product is compared with. Imports nothing of it."""
