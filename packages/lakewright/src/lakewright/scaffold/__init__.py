"""Projects from the template: rendered by Copier, which asks the questions of `copier.yml`."""

from lakewright.scaffold.render import FolderNotEmptyError, render_project

__all__ = ["FolderNotEmptyError", "render_project"]
