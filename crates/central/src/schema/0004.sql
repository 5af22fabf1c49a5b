-- Whether any station has a file: asked for each object that is looked at.
CREATE INDEX file_sealed ON file (sealed);
