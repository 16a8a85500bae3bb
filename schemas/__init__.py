"""The types that flow between the stages, and nothing else: standard library only, imports nothing of ours.

Glossary (English in code, Vietnamese in documents):
kế hoạch = plan; nhiệm vụ = task; chủ trì = lead; phối hợp = coordinating; cơ quan, đơn vị = body;
thời hạn = deadline; định kỳ = recurrence; căn cứ = legal basis; nơi nhận = recipients; phụ lục = annex;
sản phẩm = deliverable; chỉ tiêu = target; tiêu chí = criterion; cơ quan ban hành = issuer; mục = section.
"""
