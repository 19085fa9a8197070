"""The whole loop with the product's own actions and jobs, on networks that are asked for real."""
