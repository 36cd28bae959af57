"""What single offers may cost: their terms, as a form and in force."""
