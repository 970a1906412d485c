"""The JSON Schema of the study file, and of evidence: what an editor completes and underlines while somebody types.

It is made from the models, and refuses nothing that they take. In draft 7, which every editor reads.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from remit.study.evidence.model import EvidencePart
from remit.study.model import StudyFile

FILE = "study.schema.json"
MODELINE = f"# yaml-language-server: $schema={FILE}"


def study_schema() -> dict[str, Any]:
    return _schema_of(StudyFile, "A remit study file")


def evidence_schema() -> dict[str, Any]:
    return _schema_of(EvidencePart, "A published study, as evidence for remit")


def schema_text() -> str:
    return _text_of(study_schema())


def evidence_schema_text() -> str:
    return _text_of(evidence_schema())


def _schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    made = model.model_json_schema(schema_generator=_Draft7)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **made}


def _text_of(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


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
