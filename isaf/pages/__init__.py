"""What the pages of i.SAF show, one module a page or a family of them."""
