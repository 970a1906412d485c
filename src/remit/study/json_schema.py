"""The JSON Schema of the study file: what an editor completes and underlines while somebody types.

It is made from the models, and refuses nothing that they take. In draft 7, which every editor reads.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from remit.study.model import StudyFile

FILE = "study.schema.json"
MODELINE = f"# yaml-language-server: $schema={FILE}"


def study_schema() -> dict[str, Any]:
    made = StudyFile.model_json_schema(schema_generator=_Draft7)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "A remit study file", **made}


def schema_text() -> str:
    return json.dumps(study_schema(), indent=1, ensure_ascii=False) + "\n"


class _Draft7(GenerateJsonSchema):
    """pydantic's schema without what is of no use to somebody who types: titles, null, empty defaults."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("title", None)
        return made

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key without a value is refused: what is not to be said is not written."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if not made.get("default") or isinstance(made["default"], dict):
            made.pop("default", None)
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keys are texts, also where they look like numbers."""
        made = super().dict_schema(schema)
        for key in ("patternProperties", "propertyNames"):
            made.pop(key, None)
        names = self.generate_inner(schema["keys_schema"])
        made["propertyNames"] = {key: names[key] for key in ("pattern", "maxLength") if key in names}
        made["additionalProperties"] = self.generate_inner(schema["values_schema"])
        return made

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """Two of a kind: draft 7 has no `prefixItems`."""
        first, *others = [self.generate_inner(each) for each in schema["items_schema"]]
        assert all(each == first for each in others)
        count = 1 + len(others)
        return {"type": "array", "items": first, "minItems": count, "maxItems": count}
