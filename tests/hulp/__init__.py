"""What tests share. No test stands here, and no test module imports another: each stands by itself."""
