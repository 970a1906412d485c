"""define.xml 2.1: each data set, variable and parameter with its label, type, code list and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from remit.export.dataset import Dataset, Parameter, Variable
from remit.export.dataset_json import longest
from remit.export.oids import dataset_oid, item_oid, study_oid, version_oid

if TYPE_CHECKING:
    from remit.study.model import Identity

STANDARD = "STD.ADAMIG"
LANGUAGE = "en"


def write_define(found: Iterable[Dataset], labels: Mapping[str, str], study: Identity, path: Path, made: str) -> None:
    """labels: of the data sets, by name. made: the time of writing, in ISO 8601."""
    from odmlib.define_2_1 import model

    definition = _Definition(model)
    for data in found:
        definition.add(data, labels[data.name])
    description = f"{study.title}. {study.synthetic}" if study.synthetic else study.title
    whole = model.MetaDataVersion(
        OID=version_oid(study.id),
        Name=f"{study.id}, ADaM data sets",
        Description=description,
        DefineVersion="2.1.0",
        Standards=model.Standards(
            Standard=[model.Standard(OID=STANDARD, Name="ADaMIG", Type="IG", Version="1.3", Status="Final")]
        ),
        **definition.parts,
    )
    names = model.GlobalVariables(
        StudyName=model.StudyName(_content=study.id),
        StudyDescription=model.StudyDescription(_content=description),
        ProtocolName=model.ProtocolName(_content=study.id),
    )
    model.ODM(
        FileOID=f"DEF.{study_oid(study.id)}",
        FileType="Snapshot",
        CreationDateTime=made,
        ODMVersion="1.3.2",
        Originator="remit",
        SourceSystem="remit",
        SourceSystemVersion=version("remit"),
        Context="Other",
        Study=model.Study(OID=study_oid(study.id), GlobalVariables=names, MetaDataVersion=whole),
    ).write_xml(str(path))


class _Definition:
    """The parts of a definition, which grow with each data set. `model`: odmlib's."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.parts: dict[str, list[Any]] = {
            kind: [] for kind in ("ValueListDef", "WhereClauseDef", "ItemGroupDef", "ItemDef", "CodeList", "MethodDef")
        }
        self._lists: dict[str, str] = {}

    def add(self, data: Dataset, label: str) -> None:
        model, leaf = self.model, f"LF.{data.name}"
        references = [self._reference(data, place, each) for place, each in enumerate(data.variables, start=1)]
        self.parts["ItemGroupDef"].append(
            model.ItemGroupDef(
                OID=dataset_oid(data),
                Name=data.name,
                Repeating="No" if data.keys == ("USUBJID",) else "Yes",
                IsReferenceData="No",
                SASDatasetName=data.name,
                Purpose="Analysis",
                Structure=data.structure,
                ArchiveLocationID=leaf,
                StandardOID=STANDARD,
                Description=self._described(label),
                ItemRef=references,
                Class=model.Class(Name=data.kind),
                leaf=model.leaf(
                    ID=leaf, href=f"{data.name.lower()}.xpt", title=model.title(_content=f"{data.name.lower()}.xpt")
                ),
            )
        )
        for column, text in (("AVAL", False), ("AVALC", True)):
            self._add_values(data, column, [each for each in data.parameters if each.text == text])

    def _reference(self, data: Dataset, place: int, variable: Variable) -> Any:
        oid = item_oid(data, variable)
        self._add_item(data, variable, oid, data.table[variable.name])
        about: dict[str, Any] = {"ItemOID": oid, "OrderNumber": place, **self._method(oid, variable)}
        if variable.name in data.keys:
            about["KeySequence"] = data.keys.index(variable.name) + 1
        return self.model.ItemRef(Mandatory="Yes" if variable.name in data.keys else "No", **about)

    def _add_item(self, data: Dataset, variable: Variable, oid: str, values: pl.Series) -> None:
        about: dict[str, Any] = {"Length": _length(values)}
        if variable.kind == "float":
            about["SignificantDigits"] = _digits(values)
        if variable.kind == "date":
            about["DisplayFormat"] = "DATE9."
        if variable.codes:
            about["CodeListRef"] = self.model.CodeListRef(CodeListOID=self._code_list(oid, variable))
        if oid == item_oid(data, variable) and any(_column(each) == variable.name for each in data.parameters):
            about["ValueListRef"] = self.model.ValueListRef(ValueListOID=_values_oid(data, variable.name))
        self.parts["ItemDef"].append(
            self.model.ItemDef(
                OID=oid,
                Name=variable.name,
                DataType="integer" if variable.kind == "date" else variable.kind,
                SASFieldName=variable.name,
                Description=self._described(variable.label),
                Origin=[self._origin(variable)],
                **about,
            )
        )

    def _origin(self, variable: Variable) -> Any:
        if variable.source:
            return self.model.Origin(Type="Predecessor", Description=self._described(variable.source))
        return self.model.Origin(Type="Derived" if variable.derived else "Assigned", Source="Sponsor")

    def _method(self, oid: str, variable: Variable) -> dict[str, str]:
        if not variable.derived:
            return {}
        method = f"MT.{oid.removeprefix('IT.')}"
        self.parts["MethodDef"].append(
            self.model.MethodDef(
                OID=method,
                Name=f"Derivation of {variable.name}",
                Type="Computation",
                Description=self._described(variable.derived),
            )
        )
        return {"MethodOID": method}

    def _code_list(self, oid: str, variable: Variable) -> str:
        """One code list for all that have the same codes."""
        content = json.dumps([variable.kind, [*variable.codes.items()]])
        if content not in self._lists:
            self._lists[content] = f"CL.{oid.removeprefix('IT.')}"
            items = [
                self.model.CodeListItem(
                    CodedValue=value, OrderNumber=place, Decode=self.model.Decode(TranslatedText=[self._text(meaning)])
                )
                for place, (value, meaning) in enumerate(variable.codes.items(), start=1)
            ]
            self.parts["CodeList"].append(
                self.model.CodeList(
                    OID=self._lists[content],
                    Name=variable.label,
                    DataType=variable.kind,
                    IsNonStandard="Yes",
                    CodeListItem=items,
                )
            )
        return self._lists[content]

    def _add_values(self, data: Dataset, column: str, parameters: list[Parameter]) -> None:
        """What the values of a column are, by parameter."""
        if not parameters:
            return
        variable = next(each for each in data.variables if each.name == column)
        code = next(each for each in data.variables if each.name == "PARAMCD")
        references = []
        for place, parameter in enumerate(parameters, start=1):
            where, oid = f"WC.{data.name}.{column}.{parameter.code}", item_oid(data, variable, parameter)
            told = Variable(
                column, parameter.label, variable.kind, parameter.codes, parameter.derived, parameter.source
            )
            values = data.table.filter(pl.col("PARAMCD") == parameter.code)[column]
            self._add_item(data, told, oid, values)
            self.parts["WhereClauseDef"].append(
                self.model.WhereClauseDef(
                    OID=where,
                    RangeCheck=[
                        self.model.RangeCheck(
                            Comparator="EQ",
                            SoftHard="Soft",
                            ItemOID=item_oid(data, code),
                            CheckValue=[self.model.CheckValue(_content=parameter.code)],
                        )
                    ],
                )
            )
            references.append(
                self.model.ItemRef(
                    ItemOID=oid,
                    OrderNumber=place,
                    Mandatory="No",
                    WhereClauseRef=[self.model.WhereClauseRef(WhereClauseOID=where)],
                    **self._method(oid, told),
                )
            )
        self.parts["ValueListDef"].append(self.model.ValueListDef(OID=_values_oid(data, column), ItemRef=references))

    def _described(self, text: str) -> Any:
        return self.model.Description(TranslatedText=[self._text(text)])

    def _text(self, text: str) -> Any:
        return self.model.TranslatedText(lang=LANGUAGE, _content=text)


def _column(parameter: Parameter) -> str:
    return "AVALC" if parameter.text else "AVAL"


def _values_oid(data: Dataset, column: str) -> str:
    return f"VL.{data.name}.{column}"


def _length(values: pl.Series) -> int:
    """Characters that the longest value takes."""
    return longest(values if values.dtype == pl.String else values.cast(pl.String))


def _digits(values: pl.Series) -> int:
    """Decimals of the value that has most."""
    found = values.cast(pl.String).str.split(".").list.get(1, null_on_oob=True).str.len_chars().max()
    return int(found) if isinstance(found, int) else 0
