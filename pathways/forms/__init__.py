"""Forms for people: they check shape; operations check rules. They never query; choices come from the view."""
