# From the headers to what Doxygen reads: without internals, and with an example and Python's counterpart in
# paragraphs of their own. Lines move by this: a warning's number is near the place.
/^namespace detail {/,/^}  \/\/ namespace detail/d
s|^\( *\)/// Example:$|\1///\n\1/// **Example**\n\1///|
s|^\( *\)/// Python: |\1///\n\1/// **Python:** |
