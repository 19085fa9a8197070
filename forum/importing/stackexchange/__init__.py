"""A Stack Exchange dump: a folder of XML files, one row an element, as archive.org and the sites themselves hand it out."""
