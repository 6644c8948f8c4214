"""Create projects from the template with Copier, which asks the questions in `copier.yml`."""

from lakewright.scaffold.new_project import new_project
from lakewright.scaffold.render import FolderNotEmptyError, render_project

__all__ = ["FolderNotEmptyError", "new_project", "render_project"]
