"""The sandbox: a small microblog inside the product, where staff rehearse rules and train superfans."""
